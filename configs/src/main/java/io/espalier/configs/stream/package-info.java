/** What a recipe must hold to train on a stream, and what it must not. */
@NullMarked
package io.espalier.configs.stream;

import org.jspecify.annotations.NullMarked;
