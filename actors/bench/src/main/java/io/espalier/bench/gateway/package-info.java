/** What a gateway's connections take in memory, measured in a process of its own. */
package io.espalier.bench.gateway;
