/** {@code bench chaos}: kills runs and compares what they end with. */
package io.espalier.bench.chaos;
