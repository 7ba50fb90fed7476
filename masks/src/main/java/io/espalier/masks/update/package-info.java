/** One mask update: score, allocate, select. */
package io.espalier.masks.update;
