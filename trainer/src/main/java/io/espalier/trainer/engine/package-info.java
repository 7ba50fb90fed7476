/** What the engine needs of its callers. */
@NullMarked
package io.espalier.trainer.engine;

import org.jspecify.annotations.NullMarked;
