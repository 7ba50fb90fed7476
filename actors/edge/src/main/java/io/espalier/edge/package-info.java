/** A device of a federation: its commands, and the program of these alone. */
package io.espalier.edge;
