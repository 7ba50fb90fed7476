/** {@code bench hostile}: broken and hostile input for commands, decoders and a gateway. */
package io.espalier.bench.hostile;
