/** Where labelled examples come from: the registry of sources, and one class for each. */
@NullMarked
package io.espalier.trainer.data.source;

import org.jspecify.annotations.NullMarked;
