/** What every replica holds, and how it is packed, averaged and digested. */
@NullMarked
package io.espalier.trainer.state;

import org.jspecify.annotations.NullMarked;
