/** Which pruned units return in exchange for kept ones, and when. */
package io.espalier.masks.regrowth;
