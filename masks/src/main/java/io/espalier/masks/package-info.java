/** What of a network is kept: masks over its parameters, and the layout that they refer to. */
@NullMarked
package io.espalier.masks;

import org.jspecify.annotations.NullMarked;
