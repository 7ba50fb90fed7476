/** Hostile bytes for a federation's gateway, and what they bring about. */
package io.espalier.bench.wire;
