/** What both ends of a federation's wire share: chunks, files that arrive in parts, refusals. */
@NullMarked
package io.espalier.actors.federation.transfer;

import org.jspecify.annotations.NullMarked;
