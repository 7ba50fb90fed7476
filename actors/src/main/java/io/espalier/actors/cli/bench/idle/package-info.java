/** What the training service costs while it has nothing to do. */
@NullMarked
package io.espalier.actors.cli.bench.idle;

import org.jspecify.annotations.NullMarked;
