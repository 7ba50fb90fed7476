/** Which pruned units return in exchange for kept ones, and when. */
@NullMarked
package io.espalier.masks.regrowth;

import org.jspecify.annotations.NullMarked;
