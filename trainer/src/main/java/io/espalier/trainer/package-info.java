/** Placeholder. */
package io.espalier.trainer;
