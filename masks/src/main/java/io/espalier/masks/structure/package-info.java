/** Groups of channels that can only go together, what they cost, and the layout without some. */
package io.espalier.masks.structure;
