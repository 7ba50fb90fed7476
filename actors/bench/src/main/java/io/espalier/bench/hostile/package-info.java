/** {@code bench hostile}: broken and hostile files for the command line. */
package io.espalier.bench.hostile;
