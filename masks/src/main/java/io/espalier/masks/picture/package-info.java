/** Masks as small pictures for people. */
package io.espalier.masks.picture;
