/** Choices that users bring: how they declare themselves, and how they are found and called. */
@NullMarked
package io.espalier.configs.custom;

import org.jspecify.annotations.NullMarked;
