/** What replicas measure of their units' gradients, for scores and regrowth that need data. */
@NullMarked
package io.espalier.masks.evidence;

import org.jspecify.annotations.NullMarked;
