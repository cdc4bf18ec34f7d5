"""What every page needs: access, errors, labels, the frame."""
