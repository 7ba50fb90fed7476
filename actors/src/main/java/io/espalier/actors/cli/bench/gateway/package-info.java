/** What a gateway's connections take in memory, measured in a process of its own. */
@NullMarked
package io.espalier.actors.cli.bench.gateway;

import org.jspecify.annotations.NullMarked;
