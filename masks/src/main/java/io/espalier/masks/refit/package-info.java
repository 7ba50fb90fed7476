/** Refits: changes of the values that a mask update leaves. */
package io.espalier.masks.refit;
