/** Who may act on a run where several machines might: one coordinator after the other. */
@NullMarked
package io.espalier.trainer.reign;

import org.jspecify.annotations.NullMarked;
