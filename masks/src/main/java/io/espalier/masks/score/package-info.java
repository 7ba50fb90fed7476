/** How much each unit matters. */
@NullMarked
package io.espalier.masks.score;

import org.jspecify.annotations.NullMarked;
