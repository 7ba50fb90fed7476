package io.espalier.trainer.state;

import java.nio.FloatBuffer;

/**
 * Reads and writes the arrays of one replica in place: slot 0 is a parameter's value, the slots
 * after it are its optimizer moments.
 */
public interface StateAccess {
  /** A live view of one array, positioned at 0 and as long as the parameter. */
  FloatBuffer array(int parameter, int slot);
}
