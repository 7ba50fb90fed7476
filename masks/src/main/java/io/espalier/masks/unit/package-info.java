/** The units that a mask update keeps or prunes as a whole, on masks of weights. */
package io.espalier.masks.unit;
