/** Which units are the best ones, exactly, ties included. */
package io.espalier.masks.selection;
