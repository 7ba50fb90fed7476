/** Figures about weights and rankings: how sparse values are, how well two rankings agree. */
package io.espalier.masks.measure;
