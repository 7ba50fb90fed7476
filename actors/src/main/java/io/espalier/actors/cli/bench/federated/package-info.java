/** {@code espalier bench federated}: what a federation costs and reaches, with real processes. */
@NullMarked
package io.espalier.actors.cli.bench.federated;

import org.jspecify.annotations.NullMarked;
