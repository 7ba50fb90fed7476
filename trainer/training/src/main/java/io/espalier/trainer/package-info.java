/** Trains, prunes and stores networks on the engine. */
package io.espalier.trainer;
