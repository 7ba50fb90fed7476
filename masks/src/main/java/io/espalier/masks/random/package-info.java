/** Random numbers that depend on where they are used, not on what was drawn before. */
package io.espalier.masks.random;
