#!/bin/bash
# A database for each variable <SERVICE>_DATABASE_URL, and the role that owns it, with the URL's password; no other role
# connects to it. PostgreSQL's image runs this when its data are new. To be run again after a service was added:
#   docker compose exec postgres bash /docker-entrypoint-initdb.d/databases.sh
(
  set -euo pipefail

  make() { # its URL: postgres://role:password@host:port/database
    local credentials=${1#*://} database=${1##*/}
    credentials=${credentials%@*}
    # The password goes by the environment: arguments are seen by whoever lists the processes.
    DATABASE=${database%%\?*} ROLE=${credentials%%:*} PASSWORD=${credentials#*:} \
      psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres -v ON_ERROR_STOP=1 <<'SQL'
\getenv database DATABASE
\getenv role ROLE
\getenv password PASSWORD
SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
SQL
  }

  for variable in $(compgen -e | grep '_DATABASE_URL$'); do make "${!variable}"; done
)
