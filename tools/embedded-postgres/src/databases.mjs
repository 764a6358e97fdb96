import pg from 'pg';

/**
 * Makes for each URL its database and the role that owns it and alone may connect to it. What is there already is kept;
 * the role's password becomes the URL's.
 *
 * @param {string} superuserUrl
 * @param {readonly string[]} urls
 */
export async function provideDatabases(superuserUrl, urls) {
  if (urls.length === 0) return;
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (const url of urls) await provide(client, new URL(url));
  } finally {
    await client.end();
  }
}

/** @param {pg.Client} client @param {URL} url */
async function provide(client, { username, password, pathname }) {
  const role = client.escapeIdentifier(decodeURIComponent(username));
  const name = decodeURIComponent(pathname.slice(1));
  const database = client.escapeIdentifier(name);
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [decodeURIComponent(username)]);
  const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(decodeURIComponent(password))}`);
  const made = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (made.rowCount !== 0) return;
  await client.query(`CREATE DATABASE ${database} OWNER ${role}`);
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
}
