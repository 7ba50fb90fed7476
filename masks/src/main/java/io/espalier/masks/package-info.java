/** Masks over the parameters of a network, and the layout that they refer to. */
package io.espalier.masks;
