/** What runs take in memory, measured in processes of their own. */
@NullMarked
package io.espalier.actors.cli.bench.memory;

import org.jspecify.annotations.NullMarked;
