/** Linear algebra on symmetric matrices of layers' inputs and outputs, and on weights. */
@NullMarked
package io.espalier.masks.algebra;

import org.jspecify.annotations.NullMarked;
