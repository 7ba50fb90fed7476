/** {@code espalier bench federated}: what a federation costs and reaches, with real processes. */
package io.espalier.bench.federated;
