/** How much each channel of a network's groups matters. */
@NullMarked
package io.espalier.masks.structure.score;

import org.jspecify.annotations.NullMarked;
