/** What channels that are cut in mid-training buy, and what they cost. */
@NullMarked
package io.espalier.actors.cli.bench.shrink;

import org.jspecify.annotations.NullMarked;
