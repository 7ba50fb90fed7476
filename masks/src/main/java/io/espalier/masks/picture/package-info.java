/** Masks as small pictures. */
package io.espalier.masks.picture;
