[assembly: Lane("end-to-end")]
