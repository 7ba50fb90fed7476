/** What a bit of a mask update stands for, on masks of weights. */
package io.espalier.masks.unit;
