/** Rules shared by client and gateway: chunks and progress. */
package io.espalier.federation.transfer;
