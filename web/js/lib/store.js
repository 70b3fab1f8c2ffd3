// @ts-check
// What is kept on the device until the server has it: one small table of texts. Signing out empties it.

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("belfry", 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore("drafts"));
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

/** @template T @param {IDBTransactionMode} mode @param {(table: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>} */
async function within(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction("drafts", mode).objectStore("drafts"));
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error));
    });
  } finally {
    database.close();
  }
}

/** Keeps a draft. @param {string} key @param {unknown} value */
export const keep = (key, value) => within("readwrite", (table) => table.put(value, key));
/** The draft that was kept, if any. @param {string} key */
export const kept = (key) => within("readonly", (table) => table.get(key));
/** Forgets a draft. @param {string} key */
export const forget = (key) => within("readwrite", (table) => table.delete(key));
/** All drafts, with their keys. @returns {Promise<[string, any][]>} */
export async function all() {
  const [keys, values] = [await within("readonly", (table) => table.getAllKeys()), await within("readonly", (table) => table.getAll())];
  return keys.map((key, at) => [String(key), values[at]]);
}
