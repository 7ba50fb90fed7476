/** Everything about a run that follows from recipe, data size and network before the first step. */
@NullMarked
package io.espalier.masks.plan;

import org.jspecify.annotations.NullMarked;
