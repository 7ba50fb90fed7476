/** Groups of channels that can only go together, what they cost, and the layout without some. */
@NullMarked
package io.espalier.masks.structure;

import org.jspecify.annotations.NullMarked;
