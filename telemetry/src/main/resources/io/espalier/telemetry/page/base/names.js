/** Ids of runs within other text. */

/** The name of the directory, the time of the begin and a random part. */
const IDENTITY = /^(.+)-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[a-z2-7]{6}$/;

/** An id in words: the name of the run's directory and when the run began; another id as it is. */
export const labelOf = (id) => String(id).replace(IDENTITY, "$1 · $2-$3-$4 $5:$6:$7");
