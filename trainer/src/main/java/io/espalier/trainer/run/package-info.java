/** A run as a plain library loop, from recipe to files. */
@NullMarked
package io.espalier.trainer.run;

import org.jspecify.annotations.NullMarked;
