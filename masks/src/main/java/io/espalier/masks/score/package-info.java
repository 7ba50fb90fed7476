/** How much each unit matters. */
package io.espalier.masks.score;
