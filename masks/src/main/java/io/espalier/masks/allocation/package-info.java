/** How many units each parameter keeps of a network's budget. */
package io.espalier.masks.allocation;
