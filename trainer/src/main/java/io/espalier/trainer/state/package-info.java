/** What every replica holds, and how it is packed, averaged and digested. */
package io.espalier.trainer.state;
