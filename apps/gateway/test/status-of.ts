/** The status of an answer, which is read to its end: an unread body holds its connection, and that the process, for seconds. */
export async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}
