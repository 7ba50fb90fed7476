/** Choices that users bring: how they declare themselves, and how they are found and called. */
package io.espalier.configs.custom;
