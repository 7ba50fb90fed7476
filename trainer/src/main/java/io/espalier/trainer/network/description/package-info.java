/** A network as JSON, for files that are to be used without the recipe that it came from. */
@NullMarked
package io.espalier.trainer.network.description;

import org.jspecify.annotations.NullMarked;
