/** Benches of a gateway of federations: memory of its connections, and hostile bytes. */
package io.espalier.bench.gateway;
