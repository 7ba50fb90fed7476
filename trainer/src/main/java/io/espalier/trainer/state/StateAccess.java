package io.espalier.trainer.state;

import java.nio.FloatBuffer;

/**
 * In-place access to the arrays of one replica: slot 0 is a parameter's value, the next slots are
 * its optimizer moments.
 */
public interface StateAccess {
  /** A live view, positioned at 0 and as long as the parameter. */
  FloatBuffer array(int parameter, int slot);
}
